class Program(Module):
  # TorchScript. Vorticity w on the periodic unit square, shape (batch, n, n); axis 1 is x, axis 2 is y.
  #   w_t + v . grad w = nu Lap w + f,   v = (psi_y, -psi_x),   Lap psi = -w
  # Diffusion by Crank-Nicolson, advection by Heun, on the Fourier coefficients.
  __parameters__ = []
  __buffers__ = []
  n : int
  viscosity : float
  dt : float
  steps : int
  initial_radius : float   # inverse length scale of random fields
  initial_power : float
  initial_scale : float

  # 2 pi times the integer frequencies of both axes
  def frequencies(self: __torch__.Program, like: Tensor) -> Tuple[Tensor, Tensor]:
    k = torch.fft_fftfreq(self.n, 1.0 / self.n, dtype=7, device=like.device) * 6.283185307179586
    half = torch.fft_rfftfreq(self.n, 1.0 / self.n, dtype=7, device=like.device) * 6.283185307179586
    return (k.view(-1, 1), half.view(1, -1))

  def back(self: __torch__.Program, hat: Tensor) -> Tensor:
    return torch.fft_irfft2(hat, [self.n, self.n])

  # Coefficients of f - v . grad w
  def forces(self: __torch__.Program, hat: Tensor, forcing: Tensor, kx: Tensor, ky: Tensor, laplace: Tensor) -> Tensor:
    i = torch.complex(torch.zeros_like(kx[0:1, 0:1]), torch.ones_like(kx[0:1, 0:1]))
    psi = hat / laplace
    advection = self.back(i * ky * psi) * self.back(i * kx * hat) - self.back(i * kx * psi) * self.back(i * ky * hat)
    return torch.fft_rfft2(forcing - advection)

  def advance(self: __torch__.Program, w: Tensor, forcing: Tensor) -> Tensor:
    kx, ky = self.frequencies(w)
    square = kx * kx + ky * ky
    laplace = torch.where(square == 0, torch.ones_like(square), square)
    limit = 6.283185307179586 * self.n / 3
    keep = torch.logical_and(square < limit * limit, square > 0).to(w.dtype)
    damping = self.viscosity * square
    hat = torch.fft_rfft2(w)
    for step in range(self.steps):
      known = self.forces(hat, forcing, kx, ky, laplace)
      guess = (hat + self.dt * (known - damping * hat / 2)) / (1 + self.dt * damping / 2)
      both = known + self.forces(guess, forcing, kx, ky, laplace)
      hat = (hat + self.dt * (both - damping * hat) / 2) / (1 + self.dt * damping / 2)
      hat = hat * keep
    return self.back(hat)

  # Gaussian random fields from white noise: scale (|k|^2 + radius^2)^(-power/2) on its coefficients
  def colour(self: __torch__.Program, noise: Tensor) -> Tensor:
    kx, ky = self.frequencies(noise)
    square = kx * kx + ky * ky
    amplitude = self.initial_scale * torch.pow(square + self.initial_radius * self.initial_radius, -self.initial_power / 2)
    amplitude = torch.where(square == 0, torch.zeros_like(square), amplitude)
    return self.back(torch.fft_rfft2(noise) * amplitude) * self.n
