class Program(Module):
  # TorchScript. u_t = nu u_xx + rho u (1 - u) on the periodic unit interval, shape (batch, n). Lie
  # splitting: the reaction exactly, point by point; then the diffusion exactly, mode by mode.
  __parameters__ = []
  __buffers__ = []
  n : int
  growth : float       # exp(rho dt)
  damping : float      # nu (2 pi)^2 dt
  steps : int

  def advance(self: __torch__.Program, u: Tensor) -> Tensor:
    k = torch.fft_rfftfreq(self.n, 1.0 / self.n, dtype=7, device=u.device)
    decay = torch.exp(-self.damping * k * k)
    for step in range(self.steps):
      grown = u * self.growth
      u = torch.fft_irfft(torch.fft_rfft(grown / (grown + 1 - u)) * decay, self.n)
    return u
